# What belongs to this machine: the database and the log messages.
#
# The settings of the project itself are in pyproject.toml. %(here)s is the folder of this
# file. Write a percent sign as %%.

[alembic]
# The database. Keep a URL with a password out of this file: env.py shows how to take it
# from the environment.
sqlalchemy.url = driver://user:pass@localhost/dbname

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
