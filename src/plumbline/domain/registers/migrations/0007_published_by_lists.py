"""Strangers read registers as a list; the function that gave them a page of one is asked by no release any more."""

from django.db import migrations

from plumbline.domain.registers.migrations._entries import _ENDS, _PUBLIC_PART, _RETURNS

_PAGE = f"""
create function registers_published(
    of_register text, on_day date, like_text text, in_regions text[], after_title text, after_number bigint, most int
) {_RETURNS} {_PUBLIC_PART}
       and (like_text = '' or p.title like '%' || like_text || '%')
       and (in_regions is null or p.region_code = any(in_regions))
       and (p.title, p.number) > (after_title, after_number)
     order by p.title, p.number limit least(most, 501){_ENDS}"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0006_entries_in_order")]

    operations = [
        migrations.RunSQL("drop function registers_published(text, date, text, text[], text, bigint, int)", _PAGE)
    ]
