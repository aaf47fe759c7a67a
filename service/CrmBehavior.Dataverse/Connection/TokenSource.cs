using System;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>Gives the bearer token of the moment.</summary>
abstract class TokenSource : IDisposable
{
    public abstract ValueTask<string> GetAsync(CancellationToken cancellation);

    /// <summary>Told that a token was not accepted; returns whether another may be.</summary>
    public abstract bool Forget(string token);

    public virtual void Dispose()
    {
    }

    public static TokenSource Of(CrmOptions options, TimeProvider time) =>
        options.Token.Length > 0
            ? new FixedToken(options.Token)
            : new IdentityToken(new DefaultAzureCredential(), new Uri(options.Url).GetLeftPart(UriPartial.Authority) + "/.default", time);
}

/// <summary>A token that a setting gives.</summary>
sealed class FixedToken(string token) : TokenSource
{
    public override ValueTask<string> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(token);

    public override bool Forget(string token) => false;
}

/// <summary>A token of an Azure identity, kept until five minutes before it ends.</summary>
sealed class IdentityToken(TokenCredential credential, string scope, TimeProvider time) : TokenSource
{
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    readonly SemaphoreSlim single = new(1);
    AccessToken? kept;

    public override async ValueTask<string> GetAsync(CancellationToken cancellation)
    {
        if (kept is { } known && known.ExpiresOn - Margin > time.GetUtcNow()) return known.Token;
        await single.WaitAsync(cancellation);
        try
        {
            if (kept is { } fresh && fresh.ExpiresOn - Margin > time.GetUtcNow()) return fresh.Token;
            AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellation);
            kept = token;
            return token.Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw new CrmException("Crm:Token is not set, and no Azure identity could be had: " + e.Message, isTransient: true, inner: e);
        }
        finally
        {
            single.Release();
        }
    }

    public override bool Forget(string token)
    {
        if (kept?.Token == token) kept = null;
        return true;
    }

    public override void Dispose()
    {
        single.Dispose();
        base.Dispose();
    }
}
