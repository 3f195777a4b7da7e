"""alembic.util.module_proxy: module functions speak to the current object."""

from __future__ import annotations

import asyncio
import inspect
import threading
import types

import pytest

from alembic.util.module_proxy import Current
from alembic.util.module_proxy import Later
from alembic.util.module_proxy import ModuleClsProxy


@pytest.fixture
def proxied():
    """A class and a module that stands for its current object."""

    class Speaker(ModuleClsProxy):
        def __init__(self, word):
            self.word = word

        def say(self, times: int, *, end: str = "!") -> str:
            """Say the word."""
            return self.word * times + end

        @classmethod
        def kind(cls):
            return cls.__name__

    module = types.ModuleType("speaker_module")
    Speaker.create_module_class_proxy(vars(module), vars(module))
    return Speaker, module


def test_functions_call_the_installed_object(proxied):
    """A module function is the method of the object installed last."""
    speaker, module = proxied
    outer, inner = speaker("a"), speaker("b")
    outer._install_proxy()
    inner._install_proxy()
    assert module.say(2) == "bb!"
    inner._remove_proxy()
    assert module.say(2, end="?") == "aa?"
    outer._remove_proxy()


def test_without_an_object_the_error_says_what_to_do(proxied):
    """Called outside of a migration, a function explains itself."""
    _, module = proxied
    with pytest.raises(
        NameError,
        match="Can't invoke function 'say', as the proxy object has not yet been "
        "established for the Alembic 'Speaker' class",
    ):
        module.say(1)


def test_class_methods_need_no_object(proxied):
    """Registering things works before any object is there."""
    _, module = proxied
    assert module.kind() == "Speaker"


def test_functions_look_like_the_methods(proxied):
    """Signature, annotations and docstring are those of the method, without self."""
    _, module = proxied
    assert (
        str(inspect.signature(module.say))
        == "(times: 'int', *, end: 'str' = '!') -> 'str'"
    )
    assert module.say.__doc__ == "Say the word."
    assert module.say.__module__ == "speaker_module"


def test_attributes_are_those_of_the_object(proxied):
    """Attributes and `_proxy` are answered while an object is installed."""
    speaker, module = proxied
    assert module._proxy is None
    with pytest.raises(
        AttributeError, match="'speaker_module' has no attribute 'word'"
    ):
        module.word  # noqa: B018
    obj = speaker("a")
    obj._install_proxy()
    assert (module._proxy, module.word) == (obj, "a")
    obj._remove_proxy()


def test_a_method_added_later_is_found(proxied):
    """A method that joined the class after the module was filled is a function too."""
    speaker, module = proxied
    speaker.shout = lambda self: self.word.upper()
    obj = speaker("a")
    obj._install_proxy()
    assert module.shout() == "A"
    obj._remove_proxy()


def test_a_proxy_set_by_hand_is_used(proxied):
    """A program may put an object of its own into `_proxy`."""
    speaker, module = proxied
    module._proxy = speaker("z")
    assert module.say(1) == "z!"


def test_subclasses_share_the_current_object(proxied):
    """An object of a subclass answers for the module of its base class."""
    speaker, module = proxied

    class Loud(speaker):
        def say(self, times, *, end="!"):
            return super().say(times, end=end).upper()

    obj = Loud("a")
    obj._install_proxy()
    assert module.say(1) == "A!"
    obj._remove_proxy()


def test_removing_what_is_not_installed_does_nothing(proxied):
    """Removal is safe to repeat, which clean-up after errors relies on."""
    speaker, module = proxied
    kept, other = speaker("a"), speaker("b")
    kept._install_proxy()
    other._remove_proxy()
    assert module.say(1) == "a!"
    kept._remove_proxy()
    kept._remove_proxy()
    assert module._proxy is None


def test_threads_each_have_their_own(proxied):
    """Two threads that install objects at once never see each other's."""
    speaker, module = proxied
    barrier = threading.Barrier(2, timeout=120)
    heard = {}

    def work(word):
        obj = speaker(word)
        obj._install_proxy()
        barrier.wait()
        heard[word] = module.say(1)
        barrier.wait()
        obj._remove_proxy()

    threads = [threading.Thread(target=work, args=(word,)) for word in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"a": "a!", "b": "b!"}
    assert module._proxy is None


def test_a_thread_without_its_own_sees_the_latest(proxied):
    """A thread started by an env.py reaches the object of the thread that began it."""
    speaker, module = proxied
    obj = speaker("a")
    obj._install_proxy()
    heard = []
    thread = threading.Thread(target=lambda: heard.append(module.say(1)))
    thread.start()
    thread.join()
    obj._remove_proxy()
    assert heard == ["a!"]


def test_tasks_each_have_their_own(proxied):
    """Two tasks of one event loop that take turns never see each other's object."""
    speaker, module = proxied

    async def work(word):
        obj = speaker(word)
        obj._install_proxy()
        await asyncio.sleep(0)
        heard = module.say(1)
        obj._remove_proxy()
        return heard

    async def both():
        return await asyncio.gather(work("a"), work("b"))

    assert asyncio.run(both()) == ["a!", "b!"]


def test_an_object_may_be_made_when_it_is_first_wanted():
    """What is installed as `Later` is made once, by the first who wants it."""
    current = Current("speaker")
    made = []

    def make():
        made.append(object())
        return made[-1]

    with current.hold(Later(make)):
        assert not made
        assert current.get() is current.get() is made[0]
    assert current.get() is None
    assert len(made) == 1


def test_a_current_object_may_be_there_before_its_class():
    """A class made later answers with what was installed before it was."""
    current = Current("speaker")
    obj = object()
    current.install(obj)

    class Speaker(ModuleClsProxy, current=current):
        pass

    class Louder(Speaker):
        pass

    assert Louder._current.get() is obj
