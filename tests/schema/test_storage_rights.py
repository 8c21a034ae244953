"""Files: written below one's own id only; training data is read by its owner alone."""

import pytest
from psycopg import errors

OBJECTS = {
    "{user}/uploads/1-a.png": True,
    "{user}/tasks/t/thumbnails/thumb_1_a.jpg": True,
    "{user}/..a/b..": True,
    "{other}/uploads/1-a.png": False,
    "{user}": False,
    "{user}/": False,
    "{user}x/a.png": False,
    "/{user}/a.png": False,
    "{user}//a.png": False,
    "{user}/./a.png": False,
    "{user}/../{other}/a.png": False,
    "{user}/a/..": False,
    "{user}/..\\{other}\\a.png": False,
    "": False,
}


@pytest.mark.parametrize("bucket", ["image_uploads", "training-data", "lora_files"])
@pytest.mark.parametrize(("path", "allowed"), OBJECTS.items())
def test_a_user_writes_files_below_his_own_id_only(world, bucket, path, allowed):
    name = path.format(user=world.user, other=world.new_user())
    written = "insert into storage.objects (bucket_id, name) values (%s, %s)"
    with world.acting("authenticated", world.user):
        world.run(written, bucket, f"{world.user}/before")
        if allowed:
            assert world.run("update storage.objects set name = %s", name).rowcount == 1
        else:
            for statement, values in (
                (written, (bucket, name)),
                ("update storage.objects set name = %s", (name,)),
            ):
                with pytest.raises(errors.InsufficientPrivilege), world.connection.transaction():
                    world.run(statement, *values)


@pytest.mark.parametrize(
    ("bucket", "readers"), [("image_uploads", 3), ("lora_files", 3), ("training-data", 1)]
)
def test_training_data_is_its_owners_alone_and_other_files_are_everyones(world, bucket, readers):
    world.run("insert into storage.objects (bucket_id, name) values (%s, %s)", bucket, f"{world.user}/a")
    seen = 0
    for role, user in (("authenticated", world.user), ("authenticated", world.new_user()), ("anon", None)):
        with world.acting(role, user):
            seen += world.one("select count(*) from storage.objects")
    assert seen == readers


def test_files_in_a_bucket_that_is_not_ours_are_nobodys(world):
    world.run("insert into storage.buckets (id, name) values ('other', 'other')")
    with world.acting("authenticated", world.user), pytest.raises(errors.InsufficientPrivilege):
        world.run("insert into storage.objects (bucket_id, name) values ('other', %s)", f"{world.user}/a")
