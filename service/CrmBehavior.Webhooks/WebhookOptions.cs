using System;
using System.Collections.Generic;

namespace CrmBehavior.Webhooks;

/// <summary>How webhooks are called.</summary>
public sealed class WebhookOptions
{
    /// <summary>Keys with which calls are signed, several while they are changed. Setting <c>Webhook:Keys</c>.</summary>
    /// <value>Without one nothing is called.</value>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// Where all calls go instead, with the address they are meant for in <c>X-Crmb-Target</c>: on a developer's machine nothing leaves it.
    /// Setting <c>Development:Webhooks</c>.
    /// </summary>
    /// <value>Null in production.</value>
    public Uri? Sink { get; init; }

    /// <summary>How long a call may take, from the connection to the end of the answer.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many calls of one host are under way at once.</summary>
    /// <value>The default is 4.</value>
    public int AtOncePerHost { get; init; } = 4;
}
