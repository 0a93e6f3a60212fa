from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trainees', '0009_restricted_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='callattempt',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=500, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='callattempt',
            name='answer',
            field=models.CharField(choices=[('reached', 'reached'), ('no answer', 'no answer'), ('wrong number', 'wrong number'), ('sms failed', 'SMS not sent')], editable=False, max_length=12, verbose_name='answer'),
        ),
    ]
