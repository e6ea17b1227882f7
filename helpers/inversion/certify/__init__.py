"""Certification: what is certain about sets of histories that are too large to list."""

from helpers.inversion.certify.certificate import Certificate, Enclosure, LandmarkBounds
from helpers.inversion.certify.counting import Range
from helpers.inversion.certify.sampler import Draw
from helpers.inversion.certify.size import JobSize, job_size
from helpers.inversion.certify.work import certify

__all__ = ["Certificate", "Draw", "Enclosure", "JobSize", "LandmarkBounds", "Range", "certify", "job_size"]
