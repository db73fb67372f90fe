"""What a run tells while it goes on, in English and in Chinese."""

from models.messages import worded
from solver.events import ENDED, LOOKING, how_it_ended
from solver.words.speech import CHINESE


def test_how_a_programme_ended():
    assert str(how_it_ended("proven", 3)) == "proven, 3 sites"
    assert worded(how_it_ended("proven", 3), CHINESE) == "已证明，3 个站点"
    assert worded(how_it_ended("infeasible", None), CHINESE) == "无可行方案，没有方案"


def test_every_end_is_told_in_chinese():
    assert all(worded(end, CHINESE) != str(end) for end in [*ENDED.values(), LOOKING])
