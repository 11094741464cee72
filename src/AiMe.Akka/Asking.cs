using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using AiMe.Kernel;

namespace AiMe.Akka;

/// <summary>Has effects run by other nodes: those of which the wire's catalogue says that they travel.</summary>
internal sealed class Asking(WireCatalogue<Effect> travelling)
{
    /// <summary>Set before the first life is woken.</summary>
    public IActorRef Asker { get; set; } = ActorRefs.Nobody;

    /// <summary>Whether an effect is asked of others.</summary>
    public bool Takes(Effect effect) => travelling.Has(effect);

    /// <summary>Runs an effect elsewhere, however long it takes until somebody is there and has answered.</summary>
    /// <param name="ending">Cancelled when this node begins nothing new.</param>
    /// <exception cref="FailedElsewhereException">It failed there.</exception>
    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken ending) =>
        Asker.Ask<Command>(new Asked(IdOf(instance, effect), instance, effect), timeout: null, ending);

    // The first 128 bits of SHA-256. The name of the effect's key is in it with all else: whoever asks for the same after a restart, here or elsewhere, asks under the same id.
    private string IdOf(string instance, Effect effect) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{instance}\n{travelling.NameOf(effect)}\n"), .. travelling.Write(effect)]).AsSpan(0, 16));
}
