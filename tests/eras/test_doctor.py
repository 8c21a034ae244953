"""What the doctor says of each era, which is what is known of it."""

from shotkit.doctor import diagnose

OPEN = (
    "public.add_generation_to_shot(p_shot_id uuid, p_generation_id uuid, p_with_position boolean)",
    "public.batch_update_timeline_frames(updates jsonb)",
    "public.verify_shot_sync()",
)
ADD, BATCH, VERIFY = OPEN
ERRORS = {
    *(f"callable_by_anon:{function}" for function in OPEN),
    *(f"definer_unpinned:{function}" for function in OPEN),
    f"definer_unchecked:{BATCH}",
    f"definer_unchecked:{VERIFY}",
    f"check_passes_null:{ADD}",
    "table_unsecured:shot_data_log",
}
REVERTS = "trigger_reverts:shot_generations/trg_keep_user_position"
OWN = {
    "s": {REVERTS},
    "j": {REVERTS},
    "a": {"sync_skips_locked:shot_generations/sync_shot_generation_jsonb"},
}
SHAPE = {"s": ("scalar",), "j": ("list",), "a": ("list",)}


def test_the_known_faults_of_an_era_are_told(world, db, era):
    diagnosis = diagnose(db)
    found = {danger.key: danger.level for danger in diagnosis.dangers}
    assert {key for key, level in found.items() if level == "error"} == ERRORS | OWN[era]
    assert f"errors_swallowed:{BATCH}" in found
    assert {key for key in found if key.startswith("update_unchecked")} == {
        f"update_unchecked:{table.name}/own"
        for table in diagnosis.capabilities.tables
        if table.secured and table.name != "credits_ledger"
    }
    assert not diagnosis.lacking
    world.link(world.shot(), world.generation(), 5)
    assert diagnose(db).capabilities.shapes == SHAPE[era]
