import threading

from shotkit.widgets.turns import Turns


def test_news_that_are_held_back_are_told_once_at_the_end():
    told = []
    turns = Turns(lambda: told.append(1))
    with turns.held():
        turns.wanted()
        turns.wanted()
        assert told == []
    assert told == [1]


def test_news_that_went_into_a_reply_are_not_told_again():
    told = []
    turns = Turns(lambda: told.append(1))
    with turns.held():
        turns.wanted()
        with turns.turn():
            pass
    assert told == []


def test_news_that_come_while_others_are_told_are_told_next_by_the_same_thread():
    told = []

    def tell():
        told.append(threading.get_ident())
        if len(told) == 1:
            late = threading.Thread(target=turns.wanted)
            late.start()
            late.join()
            turns.wanted()

    turns = Turns(tell)
    turns.wanted()
    assert told == [threading.get_ident()] * 2


def test_an_error_while_telling_leaves_the_turn_to_the_next():
    told = []

    def tell():
        told.append(1)
        if len(told) == 1:
            raise ValueError

    turns = Turns(tell)
    try:
        turns.wanted()
    except ValueError:
        turns.wanted()
    assert told == [1, 1]
