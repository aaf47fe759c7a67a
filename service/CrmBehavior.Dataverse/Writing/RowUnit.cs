using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>What is done with a row.</summary>
enum RowDeed
{
    /// <summary>Made; when it is there already, that is as good.</summary>
    Create,

    /// <summary>Made or changed.</summary>
    Upsert,

    /// <summary>Changed; never made.</summary>
    Update,
}

/// <summary>One row of one request, which may stand for several writes that say the same or follow each other.</summary>
sealed class RowUnit(RowDeed deed, string set, Guid id, IReadOnlyDictionary<string, object?> columns)
{
    public RowDeed Deed => deed;

    public string Set => set;

    public Guid Id => id;

    public Dictionary<string, object?> Columns { get; } = new(columns, StringComparer.Ordinal);

    /// <summary>Whether it is an activity that ends completed.</summary>
    public bool Completes { get; set; }

    /// <summary>Whether it was found completed already, when it was found made already.</summary>
    public bool IsCompleted { get; set; }

    /// <summary>What is done with the same row before, or null.</summary>
    public RowUnit? Before { get; set; }

    /// <summary>Which writes it stands for.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>How it came out; null while it has not been tried to the end.</summary>
    public CrmResult? Result { get; set; }

    /// <summary>How whatever comes after a unit comes out without being tried, since the unit was not done; null when it may be tried.</summary>
    public static CrmResult? BlockedBy(RowUnit? before) => before is null or { Result.Outcome: CrmOutcome.Done } ? null : before.Result ?? WritePlan.Untried;
}
