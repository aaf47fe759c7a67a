namespace CrmBehavior.Pipeline.Ingest;

/// <summary>What an event may be at most. Beyond them a call is refused with the field named; nothing is cut silently.</summary>
public sealed class IngestLimits
{
    /// <summary>Bytes of a single call.</summary>
    /// <value>The default is 32 KB, as Segment's.</value>
    public int CallBytes { get; set; } = 32 * 1024;

    /// <summary>Bytes of a batch, after inflating.</summary>
    /// <value>The default is 500 KB, as Segment's.</value>
    public int BatchBytes { get; set; } = 500 * 1024;

    /// <summary>Calls in a batch.</summary>
    /// <value>The default is 2,500, as Segment's.</value>
    public int BatchCalls { get; set; } = 2500;

    /// <summary>Depth of nesting within a call.</summary>
    /// <value>The default is 16.</value>
    public int Depth { get; set; } = 16;

    /// <summary>Properties or traits of a call, inner ones included.</summary>
    /// <value>The default is 256.</value>
    public int Properties { get; set; } = 256;

    /// <summary>Characters of a name.</summary>
    /// <value>The default is 128.</value>
    public int NameLength { get; set; } = 128;

    /// <summary>Characters of a text.</summary>
    /// <value>The default is 8,192.</value>
    public int TextLength { get; set; } = 8192;

    /// <summary>Elements of a list.</summary>
    /// <value>The default is 200.</value>
    public int ListLength { get; set; } = 200;

    /// <summary>Digits of a number.</summary>
    /// <value>The default is 40.</value>
    public int Digits { get; set; } = 40;
}
