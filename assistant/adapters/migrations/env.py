"""How Alembic runs our revisions: always on a connection that `record_schema` opened, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
