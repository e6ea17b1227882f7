"""Certification: what is certain about sets of histories that are too large to list."""

from helpers.inversion.certify.certificate import Bound, Certificate, LandmarkBounds, certify
from helpers.inversion.certify.counting import Range
from helpers.inversion.certify.sampler import Draw
from helpers.inversion.certify.size import JobSize, job_size

__all__ = ["Bound", "Certificate", "Draw", "JobSize", "LandmarkBounds", "Range", "certify", "job_size"]
