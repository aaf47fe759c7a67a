using System;
using System.Collections.Generic;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Writing;

/// <summary>A tag of a contact, as the last write wants it.</summary>
sealed class TagUnit(Guid contact, string tag)
{
    public Guid Contact => contact;

    public string Tag => tag;

    public bool Wanted { get; set; }

    /// <summary>Which writes it stands for.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>How it came out; null while it has not been tried to the end.</summary>
    public CrmResult? Result { get; set; }
}
