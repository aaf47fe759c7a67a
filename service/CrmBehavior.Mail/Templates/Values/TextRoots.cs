namespace CrmBehavior.Mail.Templates.Values;

/// <summary>What a text sees at its top; these names are found from inside loops too.</summary>
static class TextRoots
{
    public static readonly string[] Names = ["contact", "event", "journey", "links"];
}
