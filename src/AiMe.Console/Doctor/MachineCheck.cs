using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AiMe.Console.Doctor;

/// <summary>Checks the version of the runtime.</summary>
internal sealed class RuntimeCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(
        Subject subject,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var found = $"{Environment.Version} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";
        yield return Environment.Version.Major >= 10
            ? new(".NET", Health.Good, found)
            : new(".NET", Health.Bad, found, "install the .NET 10 SDK");
        await Task.CompletedTask;
    }
}

/// <summary>Reports the vector width for the embedded model, whose results do not depend on it.</summary>
internal sealed class VectorCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(
        Subject subject,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        yield return Vector512.IsHardwareAccelerated ? new("vectors", Health.Good, "AVX-512, 512 bits")
        : Fma.IsSupported ? new("vectors", Health.Good, "AVX2, 256 bits", "same results as with 512 bits, at about half the speed")
        : new(
            "vectors",
            Health.Warning,
            $"neither AVX2 nor AVX-512; {(Vector128.IsHardwareAccelerated ? "128 bits" : "none")}",
            "the embedded model will be slow; its results are the same"
        );
        await Task.CompletedTask;
    }
}

/// <summary>Reports cores and memory.</summary>
internal sealed class CapacityCheck : ICheck
{
    private const long Enough = 1L << 30;

    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(
        Subject subject,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        yield return new("cores", Health.Good, $"{Environment.ProcessorCount}");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        yield return memory >= Enough
            ? new("memory", Health.Good, $"{ByteSize.Of(memory)} for this process")
            : new(
                "memory",
                Health.Warning,
                $"{ByteSize.Of(memory)} for this process",
                "the preset tiny needs about half a GiB, small and base more: give the process at least 1 GiB"
            );
        await Task.CompletedTask;
    }
}

/// <summary>Formats sizes in bytes.</summary>
internal static class ByteSize
{
    /// <summary>Such as <c>3.2 GiB</c> or <c>14 MiB</c>.</summary>
    public static string Of(long bytes) =>
        bytes >= 1L << 30 ? $"{bytes / (double)(1L << 30):0.0} GiB"
        : bytes >= 1L << 20 ? $"{bytes / (double)(1L << 20):0} MiB"
        : $"{bytes / 1024.0:0} KiB";
}
