[tool.alembic]
# %(here)s is the folder of this file.

# The folder of env.py and of the revisions: a path, or <package>:<folder>.
script_location = "${script_location}"

# What is put on sys.path before env.py runs, so that it can import your models.
prepend_sys_path = ["."]

# The folders of the revision files, if there are several or they are elsewhere.
# version_locations = ["%(here)s/versions", "%(here)s/other/versions"]

# Look for revision files in the subfolders too.
# recursive_version_locations = false

# How the file of a new revision is called. There are rev, slug, epoch, year, month,
# day, hour, minute and second; a slash makes folders.
# file_template = "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s"

# The longest slug in a file name.
# truncate_slug_length = 40

# The time zone of the dates in new revisions; local time by default.
# timezone = "UTC"

# Run env.py for `alembic revision` without --autogenerate too.
# revision_environment = false

# Read .pyc files that have lost their source.
# sourceless = false

# The encoding of new revision files.
# output_encoding = "utf-8"

# Programs that run on each new revision file, in this order. A hook is a console
# script, a Python module or any other program:
#
# [[tool.alembic.post_write_hooks]]
# name = "ruff"
# type = "exec"
# executable = "ruff"
# options = "check --fix REVISION_SCRIPT_FILENAME"
