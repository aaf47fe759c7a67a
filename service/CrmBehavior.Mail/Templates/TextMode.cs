namespace CrmBehavior.Mail.Templates;

/// <summary>How a text is rendered.</summary>
enum TextMode
{
    /// <summary>Values are escaped for HTML, missing ones refused.</summary>
    Html,

    /// <summary>Values as they are, missing ones refused.</summary>
    Plain,

    /// <summary>Values as they are, missing ones show as <c>(unknown)</c>.</summary>
    Lenient,
}
