using CrmBehavior.Engine.Time;

namespace CrmBehavior.Cli.Commands;

/// <summary>Instants on the command line.</summary>
internal static class Instants
{
    /// <exception cref="CliException">The text is no instant.</exception>
    public static long Read(string option, string text) =>
        Instant.TryParse(text, out long instant) ? instant : throw new CliException($"{option}: \"{text}\" is no RFC 3339 instant; write it as in 2026-02-01T00:00:00Z");
}
