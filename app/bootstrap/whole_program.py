"""The program around the icon: session, wishes, windows and what meets the desktop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.bootstrap.desktop_parts import (
    MachineFollowing,
    follow_looks,
    look_after,
    mend_autostart,
    shortcut,
    warnings,
)
from app.bootstrap.tray_program import TrayProgram
from app.end_signals import EndSignals
from app.errors import Fault, FaultKind
from app.instance.messages import Message, Verb
from app.instance.place import Instance
from app.instance.server import heard
from app.instance.start import TrayStart
from app.intents import Intents
from app.intents.crashes import CrashIntents
from app.intents.lost_sign_ins import saved_at_the_end
from app.intents.replacement import ReplacementWatch
from app.own_files import OwnFiles
from app.program import Program, Surroundings, open_program
from app.state import Store
from app.tasks import GuardedTasks, Spawn
from app.ui.windows import Windows


async def live(
    tray_program: TrayProgram,
    surroundings: Surroundings,
    signals: EndSignals,
    start: TrayStart,
    instance: Instance | None,
) -> None:
    """Everything but the icon, until somebody asks to quit."""
    store = tray_program.store
    quit_requested = asyncio.Event()
    tray_program.application.on_quit = quit_requested.set
    with signals.heard_by(asyncio.get_running_loop(), quit_requested.set):
        async with (
            open_program(surroundings) as program,
            saved_at_the_end(program, store),
            asyncio.TaskGroup() as group,
        ):
            tasks = GuardedTasks(group, lambda fault: _on_fault(store, intents.crashes, fault))
            intents = _intents(tray_program, program, tasks.spawn, start)
            store.on_crash = lambda error: intents.crashes.note("a listener", error)
            store.subscribe(lambda state: state.settings, tray_program.apply_settings)
            windows = _windows(tray_program, intents, quit_requested.set)
            intents.warnings.begin(
                warnings(tray_program, windows, surroundings, tasks.spawn, intents.trail)
            )
            follow_looks(store, tray_program.theme)
            if not start.is_autostarted:
                mend_autostart(store, intents)
            machine = MachineFollowing(store, intents, tasks.spawn, tray_program.tray.note_locked)
            machine.begin_after_a_poll()
            shortcut(store, windows, tasks.spawn).begin()
            tasks.spawn(asyncio.to_thread(program.http.warm_up), "warm up")
            intents.restore()
            if start.verb:
                windows.grant(Message(Verb(start.verb)))
            async with heard(instance, windows.grant, windows.asks_before) as ear:
                if ear is not None:
                    look_after(ear, store, tasks.spawn)
                loop = asyncio.get_running_loop()
                with intents.crashes.heard(loop), tray_program.watching_settings(intents):
                    await quit_requested.wait()
            windows.close()
            tray_program.tray.stop()
            tasks.cancel_all()


def _intents(
    tray_program: TrayProgram, program: Program, spawn: Spawn, start: TrayStart
) -> Intents:
    return Intents(
        program,
        tray_program.store,
        spawn,
        tray_program.save_settings,
        look_at_settings=tray_program.look_at_settings,
        steady=tray_program.steady,
        spreads_start=start.is_autostarted,  # as on many computers at this hour
    )


def _windows(tray_program: TrayProgram, intents: Intents, quit_: Callable[[], None]) -> Windows:
    store = tray_program.store
    return Windows(
        tray_program.tray,
        tray_program.theme,
        store,
        intents,
        quit_,
        clock=tray_program.steady.now,
        look_at_own_files=ReplacementWatch(store, OwnFiles().are_replaced).look,
    )


def _on_fault(store: Store, crashes: CrashIntents, fault: Fault) -> None:
    """A task ended in `fault`, which is told where faults are told; the program lives on."""
    if fault.kind is FaultKind.INTERNAL:
        crashes.note_task(fault.detail)
    if fault.kind is not FaultKind.INTERNAL or store.state.usage is None:
        store.update(poll=replace(store.state.poll, fault=fault))
