using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace CrmBehavior.Contracts;

/// <summary>
/// A change in the CRM as it travels over the bus: compact, versioned, only the columns that matter. It is carried as JSON text in the
/// shared variable <see cref="VariableName"/> of the execution context, which the platform keeps even when it strips a large context.
/// </summary>
/// <remarks>This file is linked into the plugin assembly (net462, no packages), hence the hand-written JSON writer.</remarks>
public sealed class EventMessage
{
    /// <summary>The shared variable of the posted execution context that holds the event's JSON.</summary>
    public const string VariableName = "crmb_event";

    /// <summary>The version of this form; a reader refuses versions it does not know rather than guess.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Id of the event, the key against repeated delivery: the id of the asynchronous operation.</summary>
    public string Id { get; set; } = "";

    /// <summary>Name of the event, one of <see cref="EventNames"/>.</summary>
    public string Name { get; set; } = "";

    /// <summary>When it happened, UTC: the context's <c>OperationCreatedOn</c>.</summary>
    public DateTime At { get; set; }

    /// <summary>The contacts it is about, lower-case ids; an activity may concern several.</summary>
    public List<string> ContactIds { get; } = new List<string>();

    /// <summary>Addresses of people who are no contact themselves (a lead); looked up by the service.</summary>
    public string? Email { get; set; }

    /// <summary>The row's version number, which orders changes of equal time; 0 where the platform gives none.</summary>
    public long RowVersion { get; set; }

    /// <summary>What is told about the happening itself. Values: string, bool, int, long, decimal, double, DateTime (UTC), or null.</summary>
    public Dictionary<string, object?> Properties { get; } = new Dictionary<string, object?>();

    /// <summary>Columns of the contact that were written, by trait name; null means cleared. Values as in <see cref="Properties"/>.</summary>
    public Dictionary<string, object?> Traits { get; } = new Dictionary<string, object?>();

    /// <summary>True when the platform may have cut values (the reader then reads the row again).</summary>
    public bool Incomplete { get; set; }

    /// <summary>The JSON text: <c>{"v":1,"id":…,"name":…,"at":…,"contactIds":[…],"rowVersion":…,"properties":{…},"traits":{…}}</c>.</summary>
    public string ToJson()
    {
        var json = new StringBuilder(512);
        json.Append("{\"v\":").Append(CurrentVersion.ToString(CultureInfo.InvariantCulture));
        json.Append(",\"id\":");
        AppendText(json, Id);
        json.Append(",\"name\":");
        AppendText(json, Name);
        json.Append(",\"at\":");
        AppendValue(json, At);
        json.Append(",\"contactIds\":[");
        for (int i = 0; i < ContactIds.Count; i++)
        {
            if (i > 0) json.Append(',');
            AppendText(json, ContactIds[i]);
        }
        json.Append(']');
        if (Email != null)
        {
            json.Append(",\"email\":");
            AppendText(json, Email);
        }
        json.Append(",\"rowVersion\":").Append(RowVersion.ToString(CultureInfo.InvariantCulture));
        if (Incomplete) json.Append(",\"incomplete\":true");
        AppendMap(json, "properties", Properties);
        AppendMap(json, "traits", Traits);
        return json.Append('}').ToString();
    }

    static void AppendMap(StringBuilder json, string name, Dictionary<string, object?> map)
    {
        if (map.Count == 0) return;
        json.Append(",\"").Append(name).Append("\":{");
        bool first = true;
        foreach (KeyValuePair<string, object?> pair in map)
        {
            if (!first) json.Append(',');
            first = false;
            AppendText(json, pair.Key);
            json.Append(':');
            AppendValue(json, pair.Value);
        }
        json.Append('}');
    }

    static void AppendValue(StringBuilder json, object? value)
    {
        switch (value)
        {
            case null: json.Append("null"); break;
            case bool b: json.Append(b ? "true" : "false"); break;
            case DateTime d: json.Append('"').Append(d.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append('"'); break;
            case double d when double.IsNaN(d) || double.IsInfinity(d): json.Append("null"); break;
            case double d: json.Append(d.ToString("R", CultureInfo.InvariantCulture)); break;
            case int or long or decimal: json.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)); break;
            default: AppendText(json, value.ToString() ?? ""); break;
        }
    }

    static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            if (c is '"' or '\\') json.Append('\\').Append(c);
            else if (c < ' ' || char.IsSurrogate(c) || c is '\u2028' or '\u2029') json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else json.Append(c);
        }
        json.Append('"');
    }
}
