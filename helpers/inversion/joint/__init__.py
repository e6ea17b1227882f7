"""Everything printed acts together: what stands, what contradicts, and what the rest says about each number."""

from helpers.inversion.joint.candidates import Candidate
from helpers.inversion.joint.conflicts import Diagnosis, diagnose
from helpers.inversion.joint.foretell import foretell
from helpers.inversion.joint.foretold import Foretold
from helpers.inversion.joint.joint import Assumptions, Joint

__all__ = ["Assumptions", "Candidate", "Diagnosis", "Foretold", "Joint", "diagnose", "foretell"]
