"""What left for a model (the ledger, design.md D6), and what was found out about how a model is spoken to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_call",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("host", sa.String(260), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("prompt_hash", sa.String(100)),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("placeholders", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(40)),
        sa.Column("outcome", sa.String(60)),
        sa.Column("seconds", sa.Float),
    )
    op.create_table(
        "model_manner",
        sa.Column("endpoint", sa.Text, primary_key=True),
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("manner", sa.Text, nullable=False),
        sa.Column("found_at", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("model_manner")
    op.drop_table("model_call")
