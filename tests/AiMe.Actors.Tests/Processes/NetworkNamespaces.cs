using System.Diagnostics;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Hosts with addresses of their own on this machine: network namespaces on one bridge, each of which can be cut off.</summary>
internal sealed class NetworkNamespaces : IDisposable
{
    private readonly string _tag = $"am{Environment.ProcessId % 10_000:0000}";
    private readonly int _count;

    private NetworkNamespaces(int count) => _count = count;

    /// <summary>Why a test that needs them is skipped.</summary>
    public static string Missing => "network namespaces cannot be made here: that takes Linux, root and the program ip";

    /// <summary>Makes them; null where they cannot be made.</summary>
    public static NetworkNamespaces? TryMake(int count)
    {
        var made = new NetworkNamespaces(count);
        try
        {
            Ip($"link add {made._tag} type bridge");
            Ip($"link set {made._tag} up");
            for (var i = 0; i < count; i++)
            {
                Ip($"netns add {made.NameOf(i)}");
                Ip($"-n {made.NameOf(i)} link set lo up");
                Ip($"link add {made.LinkOf(i)} type veth peer name eth0 netns {made.NameOf(i)}");
                Ip($"link set {made.LinkOf(i)} master {made._tag} up");
                Ip($"-n {made.NameOf(i)} addr add {AddressOf(i)}/24 dev eth0");
                Ip($"-n {made.NameOf(i)} link set eth0 up");
            }

            return made;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            made.Dispose();
            return null;
        }
    }

    /// <summary>The address of a host.</summary>
    /// <param name="i">From 0.</param>
    public static string AddressOf(int i) => $"10.77.1.{i + 1}";

    /// <summary>The name of a host's namespace.</summary>
    public string NameOf(int i) => $"{_tag}n{i}";

    /// <summary>Cuts a host off from the others, as a pulled cable does.</summary>
    public void Cut(int i) => Ip($"link set {LinkOf(i)} down");

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            Run($"netns del {NameOf(i)}");
            Run($"link del {LinkOf(i)}");
        }

        Run($"link del {_tag}");
    }

    private string LinkOf(int i) => $"{_tag}v{i}";

    private static void Ip(string arguments)
    {
        var (code, errors) = Run(arguments);
        if (code != 0)
            throw new InvalidOperationException($"ip {arguments}: {errors}");
    }

    private static (int Code, string Errors) Run(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
