using System;

namespace CrmBehavior.Plugins.Tags;

/// <summary>One tag of one contact, and whether it shall be there.</summary>
sealed class TagChange
{
    internal TagChange(Guid contact, string tag, bool wanted)
    {
        Contact = contact;
        Tag = tag;
        Wanted = wanted;
    }

    internal Guid Contact { get; }

    /// <summary>Name of the tag; the case of its letters does not tell tags apart.</summary>
    internal string Tag { get; }

    internal bool Wanted { get; }
}
