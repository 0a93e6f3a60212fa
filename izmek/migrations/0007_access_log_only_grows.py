import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose data an entry is about, what stands for its words once they are blanked, and the seals."""

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('izmek', '0006_access_log_by_action'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(editable=False, unique=True, verbose_name='day')),
                ('count', models.PositiveIntegerField(editable=False, verbose_name='entries')),
                ('head', models.CharField(editable=False, max_length=64, verbose_name='hash')),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='sealed at')),
                ('destroyed_at', models.DateTimeField(editable=False, null=True, verbose_name='destroyed at')),
            ],
            options={
                'verbose_name': 'seal of the access log',
                'verbose_name_plural': 'seals of the access log',
                'ordering': ['-day'],
            },
        ),
        migrations.AlterModelOptions(
            name='accesslog',
            options={'base_manager_name': 'objects', 'ordering': ['-at', '-id'], 'verbose_name': 'access', 'verbose_name_plural': 'access log'},
        ),
        migrations.AddField(
            model_name='accesslog',
            name='whose_type',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='accesslog',
            name='whose_id',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        # Without a default at first: one salt for all rows would be none.
        migrations.AddField(
            model_name='accesslog',
            name='salt',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='accesslog',
            name='digest',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='accesslog',
            name='by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='accesslog',
            name='salt',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='accesslog',
            name='action',
            field=models.CharField(choices=[('seen', 'record seen'), ('found by number', 'found by identity number'), ('identity seen', 'identity number seen'), ('identity recorded', 'identity number recorded'), ('identity corrected', 'identity number corrected'), ('support seen', 'support need seen'), ('support changed', 'support need changed'), ('exported', 'exported'), ('import checked', 'list checked'), ('imported', 'list imported'), ('merged', 'merged'), ('separated', 'merge undone'), ('erased', 'erased'), ('printed', 'printed'), ('handed over', 'handed over'), ('roles changed', 'roles changed'), ('account opened', 'account opened'), ('invited', 'invited'), ('second step dropped', 'second step taken away')], editable=False, max_length=30, verbose_name='action'),
        ),
    ]
