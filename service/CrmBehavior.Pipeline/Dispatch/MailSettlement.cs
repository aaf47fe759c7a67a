using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Settles mails whose sending was uncertain, by what the provider tells of them.</summary>
public sealed class MailSettlement(IOutbox outbox, TimeProvider wall)
{
    /// <summary>A longer pause between two reports ends a flow.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    readonly Lock gate = new();
    long? begun, latest;

    /// <summary>
    /// Whether the provider has told of mails for some time without a pause, so that one of which it has told nothing was not accepted. After
    /// a pause it must flow as long anew: what was held up comes again first.
    /// </summary>
    /// <param name="time">How long.</param>
    /// <returns>False also when this process has not been told of any.</returns>
    public bool HasFlowedFor(TimeSpan time)
    {
        lock (gate) return begun is { } first && latest is { } last && wall.GetElapsedTime(last) <= Pause && wall.GetElapsedTime(first) >= time;
    }

    /// <summary>The provider has told of a mail, so it has accepted it.</summary>
    /// <param name="mail">Id of the effect.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>True if it was uncertain until now.</returns>
    public Task<bool> SettleAsync(Guid mail, CancellationToken cancellation)
    {
        NoteReport();
        return outbox.SettleAsync(mail, SentEntry, cancellation);
    }

    void NoteReport()
    {
        lock (gate)
        {
            long now = wall.GetTimestamp();
            if (latest is not { } last || wall.GetElapsedTime(last, now) > Pause) begun = now;
            latest = now;
        }
    }

    static Effect SentEntry(Effect mail)
    {
        ActionBody body = EffectBody.Read<ActionBody>(mail.Body);
        string template = body.Args.GetProperty("template").GetString()!;
        return MailDispatcher.Entry(mail, body, $"Mail: {template}", body.Why, body.Action);
    }
}
