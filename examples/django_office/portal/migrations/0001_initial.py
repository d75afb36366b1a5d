"""Make the table of the portal, and the tables of igate beside it."""

from typing import Any, ClassVar

from django.db import migrations, models

from portal.office import office_in


def make_tables_of_igate(_apps: object, schema_editor: Any) -> None:  # noqa: ANN401 - Django's
    """Make them in the transaction of the migration."""
    office_in(schema_editor.connection, create=True)


class Migration(migrations.Migration):
    """Everything at once; a rollback of the migration takes both."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("form", models.CharField(max_length=40, unique=True)),
                ("applicant", models.CharField(max_length=200)),
                ("dossier", models.CharField(max_length=60, unique=True)),
            ],
        ),
        migrations.RunPython(make_tables_of_igate, migrations.RunPython.noop),
    ]
