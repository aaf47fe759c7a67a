using System;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Outside;

/// <summary>How a CRM call comes out.</summary>
public enum CrmMishap
{
    None,
    Unreachable,
    Busy,
    Throttled,
    HalfDone,
    DoneButUnanswered,
}

/// <summary>What goes wrong in a run, and how often; drawn from the seed. When the story is over nothing goes wrong any more.</summary>
public sealed class FaultPlan
{
    readonly World world;
    readonly double kill, freeze, store, crm, mail, duplicate;
    readonly TimeSpan crmAway, crmBack, hookAway, hookBack, mailAway, mailBack;

    public FaultPlan(World world, bool isCalm)
    {
        this.world = world;
        if (isCalm) return;
        kill = Pick(0, 0.0005, 0.002);
        freeze = Pick(0, 0.0005, 0.003);
        store = Pick(0, 0.005, 0.03);
        crm = Pick(0, 0.05, 0.2);
        mail = Pick(0, 0.1, 0.3);
        duplicate = Pick(0, 0.1, 0.2);
        crmAway = world.Between(3600, 5 * 86400);
        crmBack = crmAway + (world.Happens(0.5) ? world.Between(600, 3600 * 2) : TimeSpan.Zero);
        hookAway = world.Between(3600, 5 * 86400);
        mailAway = world.Between(3600, 5 * 86400);
        mailBack = mailAway + (world.Happens(0.5) ? world.Between(3600, 3600 * 10) : TimeSpan.Zero);
        hookBack = hookAway + (world.Happens(0.5) ? world.Between(600, 3600 * 6) : TimeSpan.Zero);
    }

    /// <summary>While the mail provider takes nothing; null where it is never so.</summary>
    public (TimeSpan From, TimeSpan To)? MailAway => mailBack > mailAway ? (mailAway, mailBack) : null;

    /// <summary>Whether the faults have stopped.</summary>
    public bool IsOver { get; set; }

    bool IsOn => !IsOver && world.Clock.Elapsed > TimeSpan.FromMinutes(2);

    public bool KillsNow() => IsOn && world.Happens(kill);

    public bool FreezesNow() => IsOn && world.Happens(freeze);

    public Mishap OfStore() => IsOn && world.Happens(store) ? world.Happens(0.5) ? Mishap.Before : Mishap.After : Mishap.None;

    public TimeSpan StoreWay() => IsOn && world.Happens(0.01) ? world.Between(0.05, 0.5) : TimeSpan.FromMilliseconds(world.Chance.Next(5));

    public CrmMishap OfCrm(bool isWrite)
    {
        if (!IsOn) return CrmMishap.None;
        if (world.Clock.Elapsed >= crmAway && world.Clock.Elapsed < crmBack) return CrmMishap.Unreachable;
        return world.Happens(crm) ? (CrmMishap)world.Chance.Next(1, isWrite ? 6 : 4) : CrmMishap.None;
    }

    public TimeSpan CrmWay() => IsOn && world.Happens(crm / 2) ? world.Between(1, 30) : world.Between(0.02, 0.2);

    /// <summary>How a mail is answered: 0 well, 1 later, 2 refused for good, 3 not taken and no answer, 4 taken and no answer.</summary>
    public int OfMail() => IsOn && world.Clock.Elapsed >= mailAway && world.Clock.Elapsed < mailBack ? 1 : IsOn && world.Happens(mail) ? world.Chance.Next(1, 5) : 0;

    public TimeSpan MailWay() => IsOn && world.Happens(mail / 4) ? world.Between(1, 10) : world.Between(0.02, 0.2);

    public bool IsHookAway => IsOn && world.Clock.Elapsed >= hookAway && world.Clock.Elapsed < hookBack;

    public bool Duplicates() => IsOn && world.Happens(duplicate);

    double Pick(double none, double some, double many) => world.Chance.Next(3) switch { 0 => none, 1 => some, _ => many };
}
