"""Which index folder is current: the index is rebuildable, the pointer lives with the record (design.md D12)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_pointer",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("embedder", sa.Text, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("written_at", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("index_pointer")
