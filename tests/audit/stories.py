"""The audits' stories: for each verdict of each audit but 0001, how it comes about and how it is mended."""

from dataclasses import dataclass

from tests.audit.studio import written

GUARD_INDEX = (
    "create unique index generation_variants_one_primary_idx on generation_variants (generation_id) "
    "where is_primary"
)
SHOT_DATA_INDEX = "create index generations_shot_data_idx on generations using gin (shot_data)"
OUTPUT = "tasks/{made}/output_location"
VALID = "update pg_index set indisvalid = {1} where indexrelid = '{0}'::regclass"
SYNC_DELETE = (
    "create trigger {} after delete on shot_generations referencing old table as old_links "
    "for each statement execute function sync_shot_to_generation()"
)


@dataclass(frozen=True)
class Story:
    """What is broken and how it is mended; `keys` are what is found. `past` goes by the triggers."""

    audit: str
    verdict: str
    keys: tuple[str, ...]
    breaks: str
    mends: str
    past: bool = False
    beside: tuple[tuple[str, str, str], ...] = ()  # what other audits find in it, by right

    @property
    def name(self) -> str:
        return f"{self.audit} {self.verdict}"

    @property
    def expected(self) -> set[tuple[str, str, str]]:
        found = {(self.audit, self.verdict, key) for key in self.keys} | set(self.beside)
        return {(audit, verdict, written(key)) for audit, verdict, key in found}


def column(
    audit: str, verdict: str, place: str, wrong: str, right: str, *, key: str = "", past: bool = False
) -> Story:
    """Tell of a single column, `table.row.column`, that is set wrong and right again."""
    table, row, name = place.split(".")
    write = f"update {table} set {name} = %s where id = '{{{row}}}'"
    return Story(audit, verdict, (key or f"{{{row}}}",), write % wrong, write % right, past)


STORIES = (
    column("0002", "negative", "shot_generations.link_second.timeline_frame", "-1", "81"),
    column("0003", "repeated", "shot_generations.link_second.timeline_frame", "0", "81", key="{shot_a}/0"),
    Story("0004", "foreign", ("{link_theirs}",),
        "update shots set project_id = '{film_project}', position = 3 where id = '{shot_c}'",
        "update shots set project_id = '{other_project}', position = 1 where id = '{shot_c}'", past=True),
    column("0005", "malformed", "shot_generations.link_image.metadata", "'\"fog\"'", "'{{}}'"),
    column("0005", "malformed", "shot_generations.link_image.metadata", "'null'", "null"),
    column("0005", "malformed", "shot_generations.link_image.metadata", "'[1]'", "null"),
    column("0006", "late", "shot_generations.link_image.timeline_frame", "5", "0", key="{shot_a}/5"),
    column("0006", "gap", "shot_generations.link_second.timeline_frame", "82", "81", key="{shot_a}/82"),
    column("0011", "none", "generation_variants.original.is_primary", "false", "true", past=True,
        key="{image}"),
    Story("0011", "several", ("{image}",),
        "drop index generation_variants_one_primary_idx; "
        "update generation_variants set is_primary = true where id = '{upscale}'",
        f"update generation_variants set is_primary = false where id = '{{upscale}}'; {GUARD_INDEX}",
        past=True, beside=(("0073", "missing", "generation_variants/generation_id"),)),
    column("0012", "missing", "generations.image.primary_variant_id", "null", "'{original}'", past=True),
    column("0012", "gone", "generations.image.primary_variant_id", "'{nobody}'", "'{original}'", past=True),
    column("0012", "foreign", "generations.image.primary_variant_id", "'{of_edit}'", "'{original}'",
        past=True),
    column("0012", "secondary", "generations.image.primary_variant_id", "'{upscale}'", "'{original}'",
        past=True),
    column("0013", "different", "generations.second.location", "'{files}/{ann}/9.png'",
        "'{files}/{ann}/uploads/2.png'", past=True, key="{second}/location"),
    column("0013", "different", "generations.second.location", "null",
        "'{files}/{ann}/uploads/2.png'", past=True, key="{second}/location"),
    column("0013", "different", "generations.image.thumbnail_url", "null",
        "'{files}/{ann}/thumbnails/1.jpg'", past=True, key="{image}/thumbnail_url"),
    column("0013", "different", "generations.image.name", "'<b>'", "'First'", past=True, key="{image}/name"),
    column("0014", "different", "generations.image.params", "'{{\"seed\": 2}}'", "'{{\"seed\": 1}}'",
        past=True),
    column("0014", "different", "generations.image.params", "null", "'{{\"seed\": 1.0}}'", past=True),
    column("0015", "foreign", "generation_variants.upscale.project_id", "'{other_project}'",
        "'{film_project}'", past=True),
    column("0016", "none", "generation_variants.of_edit.variant_type", "'edit'", "'original'", key="{edit}"),
    column("0016", "none", "generation_variants.of_edit.variant_type", "null", "'original'", key="{edit}"),
    column("0016", "several", "generation_variants.upscale.variant_type", "'original'", "'upscale'",
        key="{image}"),
    column("0021", "orphan", "generations.segment.parent_generation_id", "null", "'{film}'"),
    column("0021", "unmarked", "generations.segment.is_child", "false", "true"),
    column("0022", "self", "generations.segment.parent_generation_id", "'{segment}'", "'{film}'"),
    Story("0022", "cycle", ("{film}", "{segment}"),
        "update generations set parent_generation_id = '{segment}', is_child = true where id = '{film}'",
        "update generations set parent_generation_id = null, is_child = false where id = '{film}'"),
    column("0023", "self", "generations.edit.based_on", "'{edit}'", "'{image}'"),
    Story("0023", "cycle", ("{image}", "{edit}"),
        "update generations set based_on = '{edit}' where id in ('{image}', '{second}')",
        "update generations set based_on = null where id in ('{image}', '{second}')"),
    column("0024", "repeated", "generations.next_segment.child_order", "0", "1", key="{film}/0"),
    column("0025", "gone", "generations.segment.pair_shot_generation_id", "'{nobody}'",
        "'{link_image}'", past=True),
    column("0025", "elsewhere", "generations.segment.pair_shot_generation_id", "'{link_theirs}'",
        "'{link_image}'"),
    column("0025", "unplaced", "generations.segment.pair_shot_generation_id", "'{link_film}'",
        "'{link_image}'"),
    column("0026", "different", "generations.image.type", "'video'", "'image'"),
    column("0026", "different", "generations.film.type", "'image'", "'travel_video'"),
    column("0031", "repeated", "shots.shot_b.position", "1", "2", key="{film_project}/1"),
    column("0041", "foreign", "tasks.made.output_location",
        "'https://example.org{files}/{bob}/1.jpg?token={ann}'", "'{files}/{ann}/1.jpg'", key=OUTPUT),
    *(
        column("0041", "unsafe", "tasks.made.output_location",
            f"'{{files}}/{{ann}}/{path}'", "'{files}/{ann}/1.jpg'", key=OUTPUT)
        for path in ("../{bob}/1.jpg", "a/..", "./1.jpg", "a//1.jpg", r"..\1.jpg")
    ),
    column("0042", "blob", "tasks.made.output_location",
        "'Blob:https://example.org/5?x'", "'{files}/{ann}/1.jpg'", key=OUTPUT),
    column("0042", "temporary", "tasks.made.output_location", "'temp-1.jpg'",
        "'{files}/{ann}/1.jpg'", key=OUTPUT),
    column("0042", "temporary", "tasks.made.output_location",
        "'{files}/{ann}/temp-1.jpg'", "'{files}/{ann}/1.jpg'", key=OUTPUT),
    column("0051", "different", "users.ann.credits", "9", "9.875"),
    column("0051", "different", "users.bob.credits", "0.001", "0"),
    Story("0052", "repeated", ("{made}",),
        "insert into credits_ledger (id, user_id, task_id, amount, type) "
        "values ('{nobody}', '{ann}', '{made}', -0.125, 'spend')",
        "alter table credits_ledger disable trigger user; delete from credits_ledger where id = '{nobody}'; "
        "alter table credits_ledger enable trigger user; "
        "update users set credits = 9.875 where id = '{ann}'"),
    column("0061", "missing", "tasks.made.output_location", "null", "'1.jpg'"),
    column("0061", "missing", "tasks.made.output_location", "''", "'1.jpg'"),
    column("0062", "missing", "tasks.queued.dependant_on",
        "array['{made}', '{nobody}', '{nobody}', null]::uuid[]", "'{{}}'", key="{queued}/{nobody}"),
    Story("0071", "missing", ("shot_generations/delete/sync_shot_to_generation",),
        "drop trigger sync_shot_to_generation_delete on shot_generations",
        SYNC_DELETE.format("sync_shot_to_generation_delete")),
    *(
        Story("0071", "disabled", (key,),
            f"alter table {table} disable trigger {trigger}", f"alter table {table} enable trigger {trigger}")
        for key, table, trigger in (
            ("shot_generations/insert/sync_shot_to_generation", "shot_generations",
                "sync_shot_to_generation_insert"),
            ("shot_generations/update/sync_shot_to_generation", "shot_generations",
                "sync_shot_to_generation_update"),
            ("generation_variants/update/handle_variant_primary_switch", "generation_variants",
                "trg_handle_variant_primary_switch"),
            ("generation_variants/update/sync_generation_from_variant", "generation_variants",
                "trg_sync_generation_from_variant"),
            ("generation_variants/delete/handle_variant_deletion", "generation_variants",
                "trg_handle_variant_deletion"),
            ("generations/update/sync_variant_from_generation", "generations",
                "trg_sync_variant_from_generation"),
        )
    ),
    Story("0071", "disabled", ("shot_generations/insert/sync_shot_to_generation",),
        "alter table shot_generations enable replica trigger sync_shot_to_generation_insert",
        "alter table shot_generations enable always trigger sync_shot_to_generation_insert"),
    Story("0071", "repeated", ("shot_generations/delete/sync_shot_to_generation",),
        SYNC_DELETE.format("once_more"), "drop trigger once_more on shot_generations"),
    Story("0072", "missing", ("generations/shot_data",),
        "drop index generations_shot_data_idx; "
        "create index of_no_use on generations using gin (shot_data jsonb_path_ops)",
        f"drop index of_no_use; {SHOT_DATA_INDEX}"),
    Story("0072", "repeated", ("generations/shot_data",),
        SHOT_DATA_INDEX.replace("generations_shot_data_idx", "once_more"), "drop index once_more"),
    Story("0072", "invalid", ("generations/shot_data",),
        VALID.format("generations_shot_data_idx", "false"),
        VALID.format("generations_shot_data_idx", "true")),
    Story("0073", "missing", ("generation_variants/generation_id",),
        "drop index generation_variants_one_primary_idx; "
        "create index of_no_use_either on generation_variants (generation_id) where is_primary",
        f"drop index of_no_use_either; {GUARD_INDEX}"),
    Story("0073", "repeated", ("generation_variants/generation_id",),
        GUARD_INDEX.replace("generation_variants_one_primary_idx", "one_more"), "drop index one_more"),
    Story("0073", "invalid", ("generation_variants/generation_id",),
        VALID.format("generation_variants_one_primary_idx", "false"),
        VALID.format("generation_variants_one_primary_idx", "true")),
    Story("0074", "disabled", ("tasks",),
        "alter table tasks disable row level security", "alter table tasks enable row level security"),
    Story("0074", "repeated", ("users/once_more",),
        "create policy once_more on users to authenticated using (id = (select auth.uid())) "
        "with check (id = (select auth.uid()))",
        "drop policy once_more on users"),
)  # fmt: skip
