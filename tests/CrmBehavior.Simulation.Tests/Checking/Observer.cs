using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Outside;
using CrmBehavior.Simulation.Tests.Running;

namespace CrmBehavior.Simulation.Tests.Checking;

/// <summary>Watches from outside while it runs: what only the moment shows.</summary>
public sealed class Observer(World world)
{
    readonly List<string> problems = [];

    /// <summary>What must never happen and did.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>When withdrawals of consent became durable, by contact.</summary>
    public Dictionary<Guid, TimeSpan> Withdrawn { get; } = [];

    /// <summary>When contacts were erased.</summary>
    public Dictionary<Guid, TimeSpan> Erased { get; } = [];

    /// <summary>Reports of the mail provider that were answered with 200, but those that are no events.</summary>
    public HashSet<(Guid Contact, string Id)> Reports { get; } = [];

    public void Committed(ProfileCommit commit)
    {
        foreach (LoggedEvent unsubscribed in commit.Events.Where(e => e.Name == "email_unsubscribed")) Withdrawn.TryAdd(unsubscribed.Contact, world.Clock.Elapsed);
        foreach (Guid contact in commit.Erased) Erased.TryAdd(contact, world.Clock.Elapsed);
    }

    public void Reported(SimulatedReport report)
    {
        if (report.Name != "processed") Reports.Add((report.Mail.Contact, report.Id));
    }

    public void Unexpected(string what)
    {
        if (problems.Count < 5) problems.Add($"unexpected: {what}");
    }
}
