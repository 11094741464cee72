using System.Security.Claims;

namespace AiMe.Web.View.Security;

/// <summary>A session that has not given the token asked for a change.</summary>
public sealed class NotUnlockedException()
    : Exception("This page may only look. Unlock it with the token that `aime view` printed at its start.")
{
    /// <summary>Refuses a session without the token. Every change asks here, whatever the page shows.</summary>
    /// <exception cref="NotUnlockedException">The session has not given the token.</exception>
    internal static void Demand(ClaimsPrincipal user)
    {
        if (!user.IsInRole(AccessToken.Role))
            throw new NotUnlockedException();
    }
}
