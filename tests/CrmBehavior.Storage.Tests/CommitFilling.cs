using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Storage.Tests;

/// <summary>Fills commits as the pipeline would.</summary>
public static class CommitFilling
{
    /// <summary>One more event of each contact, after what the batch has read.</summary>
    public static void AddOfEach(this ProfileCommit commit, IProfileBatch batch, IEnumerable<Guid> contacts, string id)
    {
        foreach (Guid contact in contacts)
        {
            long sequence = (batch.Profiles.TryGetValue(contact, out Profile? profile) ? profile.Sequence : 0) + 1;
            commit.Events.Add(Rows.Event(contact, sequence, id));
            commit.Profiles.Add((Rows.Profile(contact, $"after {id}", sequence: sequence), null));
        }
    }
}
