import time, cProfile, pstats
from datetime import date
from django.utils import timezone
from plumbline.faces.commands.demo import city
from drills.stand import city as mine
def main(asked):
    p = cProfile.Profile(); c=time.process_time(); w=time.monotonic()
    city.build(timezone.localdate())
    b = (time.process_time()-c, time.monotonic()-w)
    p.enable()
    mine.approved_jobs(24, 10, timezone.localdate())
    p.disable()
    d = (time.process_time()-c, time.monotonic()-w)
    pstats.Stats(p).sort_stats("cumulative").print_stats(40)
    return [b, d]
