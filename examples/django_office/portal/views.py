"""Hand in a form: the row of the portal and the dossier are written together or not at all."""

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from igate.errors import IgateError
from portal.models import Application
from portal.office import PROCEDURE, office_in


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Show the form, and what was handed in."""
    handed_in = Application.objects.order_by("-id")[:20]
    return render(request, "portal/front.html", {"handed_in": handed_in})


@require_POST
def hand_in(request: HttpRequest) -> JsonResponse:
    """Make a dossier and the row that belongs to it, in one transaction."""
    form, applicant = request.POST.get("form", ""), request.POST.get("applicant", "")
    try:
        with transaction.atomic():
            office = office_in(connection)
            dossier = office.submit(PROCEDURE, applicant=applicant, channel="online")
            # a form that was handed in before is refused here, and the dossier goes with it
            Application.objects.create(form=form, applicant=applicant, dossier=dossier.code)
    except IntegrityError:
        what = f"Mẫu đơn {form} đã được nộp trước đó."
        return JsonResponse({"what": what, "fix": "Mở hồ sơ đã có."}, status=409)
    except IgateError as error:
        return JsonResponse({"what": error.text("vi"), "fix": ""}, status=422)
    return JsonResponse({"code": dossier.code}, status=201)
