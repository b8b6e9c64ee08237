"""Takes the day they are due on from cases whose clock stands still."""

from django.db import migrations

from plumbline.domain.cases.migrations import _stopped_clocks


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = _stopped_clocks.OPERATIONS
