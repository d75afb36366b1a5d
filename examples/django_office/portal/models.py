"""What the portal itself keeps: the form that an applicant has filled in."""

from django.db import models


class Application(models.Model):
    """A form, with the code of the dossier that was made of it."""

    #: number that the portal gave the form; one form is handed in once
    form = models.CharField(max_length=40, unique=True)
    applicant = models.CharField(max_length=200)
    #: code of the dossier in igate
    dossier = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return f"{self.form}: {self.dossier}"
