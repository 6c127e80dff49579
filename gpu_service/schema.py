"""The tables of the job store. ``number`` is the order of arrival; times are seconds since the epoch."""

from __future__ import annotations

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, client_ref TEXT NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE, request_sha256 TEXT NOT NULL,
  webhook_url TEXT, input TEXT NOT NULL, voucher_id TEXT,
  status TEXT NOT NULL, progress REAL NOT NULL DEFAULT 0, cancel_requested INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, error TEXT, outputs TEXT NOT NULL DEFAULT '[]',
  artefacts TEXT NOT NULL DEFAULT '[]', result TEXT,
  gpu_seconds REAL, queue_seconds REAL,
  created_at REAL NOT NULL, started_at REAL, updated_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_status ON jobs (status, number);
CREATE INDEX IF NOT EXISTS jobs_client_ref ON jobs (client_ref);
CREATE INDEX IF NOT EXISTS jobs_voucher ON jobs (voucher_id);
CREATE TABLE IF NOT EXISTS notices (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, body TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL, delivered_at REAL
);
CREATE TABLE IF NOT EXISTS uncut (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL UNIQUE, taken INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0
);
"""


def bring_up(db: sqlite3.Connection) -> None:
    """Make the tables, and give a file of an earlier version the columns that came since."""
    db.executescript(SCHEMA)
    there = {column[1] for column in db.execute("PRAGMA table_info(jobs)")}
    if "artefacts" not in there:
        db.execute("ALTER TABLE jobs ADD COLUMN artefacts TEXT NOT NULL DEFAULT '[]'")
