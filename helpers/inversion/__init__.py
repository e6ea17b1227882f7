"""From printed survival numbers back to every history that could have printed them."""

from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.paper import invert_study

__all__ = ["EndpointInversion", "StudyInversion", "invert_study"]
