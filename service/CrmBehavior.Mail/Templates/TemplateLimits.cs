namespace CrmBehavior.Mail.Templates;

/// <summary>What one template may take of the machine; each is refused with a <see cref="Pipeline.Ports.TemplateException"/> that names it.</summary>
public static class TemplateLimits
{
    /// <summary>Greatest source of a text, bytes of UTF-8.</summary>
    public const int SourceBytes = 200 * 1024;

    /// <summary>Greatest rendered text, bytes of UTF-8.</summary>
    public const int OutputBytes = 500 * 1024;

    /// <summary>Most rounds of one loop.</summary>
    public const int LoopRounds = 100;

    /// <summary>Most rounds of all loops of one rendering together, so that nested loops end too.</summary>
    public const int AllRounds = 10_000;

    /// <summary>Deepest nesting of blocks.</summary>
    public const int Nesting = 20;

    /// <summary>Texts that are kept compiled.</summary>
    internal const int CachedTexts = 1_000;

    /// <summary>Characters of source that are kept compiled.</summary>
    internal const int CachedCharacters = 8 * 1024 * 1024;
}
