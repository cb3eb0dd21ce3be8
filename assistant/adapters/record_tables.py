"""The tables of the record as SQLAlchemy sees them; the migrations make them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

actor = Table(
    "actor",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("department", Text, nullable=False),
    Column("name", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(32), ForeignKey("actor.id"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("case_id", String(40), nullable=False, index=True),
    Column("mode", String(20)),
    Column("city", String(100)),
    Column("fictional", Boolean),
    Column("undoes", Integer),
    Column("marks", Text, nullable=False),  # JSON: finding id, extents, decision, head
    Column("engine", String(20)),
    Column("model", String(200)),
    Column("prompt_hash", String(100)),
    Column("index_id", String(200)),
    Column("digests", Text, nullable=False),  # JSON: name, number, keyed digest
    Column("prev_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)

content = Table(
    "content",
    metadata,
    Column("seq", Integer, ForeignKey("event.seq"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("salt", String(64), nullable=False),
    Column("body", Text, nullable=False),  # JSON; the only place of text, and the only rows ever deleted
)

case_file = Table(  # deleted with its case, as `content` is
    "case_file",
    metadata,
    Column("case_id", String(40), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", String(40), nullable=False),
)

job_piece = Table(  # deleted when its job ends
    "job_piece",
    metadata,
    Column("job_id", String(64), ForeignKey("job.id"), primary_key=True),
    Column("stage", String(20), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)

chain_head = Table(
    "chain_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("mac", String(64), nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("key", String(64), nullable=False),  # hexadecimal
)

index_pointer = Table(  # which index folder is current (design.md D12); rebuildable, no text
    "index_pointer",
    metadata,
    Column("name", Text, primary_key=True),
    Column("folder", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("embedder", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("written_at", Text, nullable=False),
)

model_call = Table(  # the ledger (design.md D6): what left for a model, never what it said
    "model_call",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("host", String(260), nullable=False),
    Column("model", String(200), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("rule", String(20), nullable=False),
    Column("prompt_hash", String(100)),
    Column("characters", Integer, nullable=False),
    Column("placeholders", Integer, nullable=False),
    Column("case_id", String(40)),  # no foreign key: the line stays when the case is deleted
    Column("outcome", String(60)),  # NULL until the answer came, and for ever if it never did
    Column("seconds", Float),
)

model_manner = Table(  # how an endpoint wants to be spoken to; found out anew when lost
    "model_manner",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("manner", Text, nullable=False),  # JSON
    Column("found_at", Text, nullable=False),
)
