using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Requests;

/// <summary>One of the three systems this process stands in for: which requests are its own, and how it words a failure.</summary>
internal sealed class OutsideSystem
{
    /// <summary>Writes a failure in the system's own form: status, and seconds to wait where it throttles.</summary>
    public delegate Task FailureWriter(HttpContext context, int status, int? retryAfter);

    readonly FailureWriter answer;

    public OutsideSystem(string name, Func<HttpRequest, bool> owns, Func<HttpRequest, string> route, FailureWriter answer)
    {
        Name = name;
        Owns = owns;
        Route = route;
        this.answer = answer;
    }

    /// <summary><c>crm</c>, <c>bus</c> or <c>mail</c>.</summary>
    public string Name { get; }

    /// <summary>Whether a request is for it.</summary>
    public Func<HttpRequest, bool> Owns { get; }

    /// <summary>The request's route without ids, for counting.</summary>
    public Func<HttpRequest, string> Route { get; }

    /// <summary>Answers with a failure.</summary>
    public Task AnswerAsync(HttpContext context, int status, int? retryAfter) => answer(context, status, retryAfter);
}
