using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Columns of <c>crmb_consent</c> that an event tells.</summary>
static class ConsentColumns
{
    internal const string Contact = "crmb_contactid";
    internal const string Channel = "crmb_channel";
    internal const string Purpose = "crmb_purpose";
    internal const string Granted = "crmb_granted";
    internal const string At = "crmb_at";
    internal const string Source = "crmb_source";

    internal static IReadOnlyList<string> Told { get; } = Array.AsReadOnly(new[] { Contact, Channel, Purpose, Granted, At, Source, ContactColumns.RowVersion });
}
