"""Reads of the laboratory: jobs and records with their evaluation, and what a certificate says of them."""

from plumbline.domain.laboratory.queries.documents import certificate_of, certificates_of, draft_of, preview_of
from plumbline.domain.laboratory.queries.records import (
    draft,
    evaluate,
    evaluation_of,
    job,
    jobs_of,
    open_job_instruments,
    record,
    records,
    regulation_for,
    replay,
)

__all__ = [
    "certificate_of",
    "certificates_of",
    "draft",
    "draft_of",
    "evaluate",
    "evaluation_of",
    "job",
    "jobs_of",
    "open_job_instruments",
    "preview_of",
    "record",
    "records",
    "regulation_for",
    "replay",
]
