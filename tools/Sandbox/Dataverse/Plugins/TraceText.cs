using System.Globalization;
using System.Text;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Sandbox.Dataverse.Plugins;

/// <summary>What a plugin traces; the platform keeps about the first 10 KB.</summary>
internal sealed class TraceText : ITracingService
{
    const int Limit = 10_240;
    readonly StringBuilder text = new();

    public void Trace(string format, params object[] args)
    {
        lock (text)
        {
            if (text.Length >= Limit) return;
            string line = args is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, format, args) : format ?? "";
            text.AppendLine(line);
            if (text.Length > Limit) text.Length = Limit;
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (text) return text.ToString();
    }
}
