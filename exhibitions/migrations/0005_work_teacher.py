import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

LABEL = {
    "verbose_name": "teacher",
    "help_text": "Taken from the course when left empty: who teaches it on that day.",
    "to": "courses.teacher",
    "blank": True,
    "null": True,
}


def who_taught_when_it_was_handed_in(apps, schema_editor):
    """Until now a work named the teacher that its course had begun with."""
    Work = apps.get_model("exhibitions", "Work")
    Course = apps.get_model("courses", "Course")
    TeacherChange = apps.get_model("courses", "TeacherChange")
    of_course = Course.objects.filter(pk=OuterRef("course")).values("teacher")
    Work.objects.filter(course__isnull=False).update(teacher=Subquery(of_course[:1]))
    for change in TeacherChange.objects.select_related("course").order_by("begins_on"):
        later = Q(submitted_at=None) | Q(submitted_at__date__gte=change.begins_on)
        Work.objects.filter(later, course=change.course_id).update(teacher=change.teacher_id)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_booking_net"),
        ("exhibitions", "0004_work_sent_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalwork",
            name="teacher",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                **LABEL,
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="teacher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="works_taught", **LABEL
            ),
        ),
        migrations.RunPython(who_taught_when_it_was_handed_in, migrations.RunPython.noop),
    ]
