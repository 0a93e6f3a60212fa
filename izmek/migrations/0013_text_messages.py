import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('izmek', '0012_taskworker'),
    ]

    operations = [
        migrations.CreateModel(
            name='SmsDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('parts', models.PositiveIntegerField(default=0, verbose_name='parts')),
                ('over', models.PositiveIntegerField(default=0, verbose_name='over the daily limit')),
            ],
            options={
                'verbose_name': 'day of text messages',
                'verbose_name_plural': 'text messages by day',
                'ordering': ['-day'],
            },
        ),
        migrations.AddField(
            model_name='letter',
            name='channel',
            field=models.CharField(choices=[('email', 'e-mail'), ('sms', 'SMS')], db_default='email', default='email', max_length=5, verbose_name='way'),
        ),
        migrations.AddField(
            model_name='letter',
            name='delivered_at',
            field=models.DateTimeField(null=True, verbose_name='delivered'),
        ),
        migrations.AddField(
            model_name='letter',
            name='gateway_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='number at the gateway'),
        ),
        migrations.AddField(
            model_name='letter',
            name='parts',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='parts'),
        ),
        migrations.AddField(
            model_name='letter',
            name='phone',
            field=phonenumber_field.modelfields.PhoneNumberField(blank=True, db_default='', default='', max_length=128, region=None, verbose_name='phone'),
        ),
        migrations.AddField(
            model_name='letter',
            name='until',
            field=models.DateField(null=True, verbose_name='to be told by'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('delivered', 'delivered'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state'),
        ),
    ]
