"""The log, its texts, who acts, the end of the chain, and the key."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actor",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(32), sa.ForeignKey("actor.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False, index=True),
        sa.Column("mode", sa.String(20)),
        sa.Column("city", sa.String(100)),
        sa.Column("fictional", sa.Boolean),
        sa.Column("undoes", sa.Integer),
        sa.Column("marks", sa.Text, nullable=False),
        sa.Column("engine", sa.String(20)),
        sa.Column("model", sa.String(200)),
        sa.Column("prompt_hash", sa.String(100)),
        sa.Column("index_id", sa.String(200)),
        sa.Column("digests", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_table(
        "content",
        sa.Column("seq", sa.Integer, sa.ForeignKey("event.seq"), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.String(40), nullable=False, index=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for name in ("installation", "chain_head", "content", "event", "actor"):
        op.drop_table(name)
