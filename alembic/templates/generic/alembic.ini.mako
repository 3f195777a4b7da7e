# The settings of this project's migrations.
#
# %(here)s is the folder of this file. Write a percent sign as %%.

[alembic]
# The folder of env.py and of the revisions: a path, or <package>:<folder>.
script_location = ${script_location}

# What is put on sys.path before env.py runs, so that it can import your models.
prepend_sys_path = .

# Which character separates several paths: os (the one of the operating system),
# space, newline, : or ;
path_separator = os

# The folders of the revision files, if there are several or they are elsewhere.
# version_locations = %(here)s/versions:%(here)s/other/versions

# Look for revision files in the subfolders too.
# recursive_version_locations = false

# How the file of a new revision is called. There are rev, slug, epoch, year, month,
# day, hour, minute and second; a slash makes folders.
# file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s

# The longest slug in a file name.
# truncate_slug_length = 40

# The time zone of the dates in new revisions, such as UTC; local time by default.
# timezone =

# Run env.py for `alembic revision` without --autogenerate too.
# revision_environment = false

# Read .pyc files that have lost their source.
# sourceless = false

# The encoding of new revision files.
# output_encoding = utf-8

# The database. Keep a URL with a password out of this file: env.py shows how to take it
# from the environment.
sqlalchemy.url = driver://user:pass@localhost/dbname


[post_write_hooks]
# Programs that run on each new revision file, in this order. A hook is a console
# script, a Python module or any other program:
#
# hooks = ruff
# ruff.type = exec
# ruff.executable = ruff
# ruff.options = check --fix REVISION_SCRIPT_FILENAME
#
# hooks = black
# black.type = console_scripts
# black.entrypoint = black
# black.options = -l 79 REVISION_SCRIPT_FILENAME

# ---- Log messages ---------------------------------------------------------------------
#
# Read by env.py when Alembic runs on the command line.

[loggers]
keys = root,sqlalchemy,alembic,plugins

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
# INFO shows every statement
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[logger_plugins]
# INFO names each plugin that takes part in comparing
level = WARNING
handlers =
qualname = alembic.runtime.plugins

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
