using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Settles mails whose sending was uncertain, by what the provider tells of them.</summary>
public sealed class MailSettlement(IOutbox outbox)
{
    /// <summary>The provider has told of a mail, so it has accepted it.</summary>
    /// <param name="mail">Id of the effect.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>True if it was uncertain until now.</returns>
    public Task<bool> SettleAsync(Guid mail, CancellationToken cancellation) => outbox.SettleAsync(mail, SentEntry, cancellation);

    static Effect SentEntry(Effect mail)
    {
        ActionBody body = EffectBody.Read<ActionBody>(mail.Body);
        string template = body.Args.GetProperty("template").GetString()!;
        return MailDispatcher.Entry(mail, body, $"Mail: {template}", body.Why, body.Action);
    }
}
