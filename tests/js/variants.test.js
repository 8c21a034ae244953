import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, comparedPair, consequence, variantFlags, variantName } from "../../shotkit/widgets/static/variants.js";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test("an age is told in the largest unit that it fills", () => {
  const ages = {
    "2026-11-21T11:59:31Z": "just now",
    "2026-11-21T12:30:00Z": "just now", // a clock that is ahead
    "2026-11-21T11:58:00Z": "2 minutes ago",
    "2026-11-21T09:00:00+00:00": "3 hours ago",
    "2026-11-20T10:00:00Z": "yesterday",
    "2026-11-12T10:00:00Z": "9 days ago",
    "2026-08-01T00:00:00Z": "3 months ago",
    "2020-11-20T00:00:00Z": "6 years ago",
  };
  for (const [moment, words] of Object.entries(ages)) assert.equal(ago(moment, NOW), words, moment);
});

test("a moment that is none has no age", () => {
  for (const none of [null, undefined, "", "yesterday"]) assert.equal(ago(none, NOW), "");
});

test("a variant is called by its name, else by its type", () => {
  assert.equal(variantName({ name: "first", variant_type: "original" }), "first");
  assert.equal(variantName({ name: null, variant_type: "upscaled" }), "upscaled");
  assert.equal(variantName({ name: "", variant_type: null }), "variant");
  assert.ok(variantName({ name: "x".repeat(10_000) }).length < 70);
});

test("a name that turns the direction of writing ends its turn with itself", () => {
  assert.equal(variantName({ name: "\u202egpj.\u2069x" }), "\u2068\u202egpj.x\u2069");
});

test("what marks a variant is told in words", () => {
  assert.deepEqual(variantFlags({ is_primary: true, is_new: true, is_video: true }), ["primary", "new", "film"]);
  assert.deepEqual(variantFlags({ is_primary: false, is_new: false, is_video: false }), []);
});

test("the two compared are those picked last, filled up with the first of the others", () => {
  const variants = ["a", "b", "c"].map((id) => ({ id }));
  assert.deepEqual(comparedPair(variants, []), ["a", "b"]);
  assert.deepEqual(comparedPair(variants, ["c"]), ["a", "c"]);
  assert.deepEqual(comparedPair(variants, ["a"]), ["b", "a"]);
  assert.deepEqual(comparedPair(variants, ["a", "b", "c"]), ["b", "c"]);
  assert.deepEqual(comparedPair(variants, ["gone", "c"]), ["a", "c"]);
  assert.deepEqual(comparedPair([{ id: "a" }], ["b"]), ["a"]);
  assert.deepEqual(comparedPair([], ["b"]), []);
});

test("what deleting comes to is told before it is done", () => {
  const variants = [{ id: "a", name: "one", is_primary: true }, { id: "b", name: "two" }];
  const alone = "It is the only variant: the generation would have no picture left.";
  assert.equal(consequence({ left: 0, primary: null }, variants[0], variants), alone);
  const next = "One other variant stays; two becomes primary.";
  assert.equal(consequence({ left: 1, primary: "b" }, variants[0], variants), next);
  assert.equal(consequence({ left: 3, primary: "a" }, variants[1], variants), "3 other variants stay.");
});
