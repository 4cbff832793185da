using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModularShop.Facade;

/// <summary>
/// Holds a service's answer back until it is there as a whole: one that breaks off on its way is the monolith's to
/// give, as long as the client has seen nothing of it. What is long, or may be a stream, is passed on as it comes.
/// </summary>
internal sealed class HeldAnswer : Stream
{
    /// <summary>In bytes.</summary>
    private const int Longest = 256 * 1024;

    private readonly HttpResponse _response;
    private readonly IHttpResponseBodyFeature _client;
    private byte[]? _held;
    private int _length;
    private bool _passes;

    /// <summary>From here on the response's body is held.</summary>
    public HeldAnswer(HttpContext http)
    {
        _response = http.Response;
        _client = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Features.Set<IHttpResponseBodyFeature>(new Feature(this));
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The client gets what is held.</summary>
    public async Task SendAsync()
    {
        _response.HttpContext.Features.Set(_client);
        try
        {
            await PassAsync(_response.HttpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (_response.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
    }

    /// <summary>The client gets nothing of it; what is written from here on goes to the client.</summary>
    public void Discard()
    {
        _response.HttpContext.Features.Set(_client);
        Return();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_passes && (_length + buffer.Length > Longest || !IsWhole()))
        {
            _passes = true;
            await PassAsync(cancellationToken);
        }

        if (_passes)
        {
            await _client.Stream.WriteAsync(buffer, cancellationToken);
            return;
        }

        Reserve(_length + buffer.Length);
        buffer.CopyTo(_held.AsMemory(_length));
        _length += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _passes ? _client.Stream.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Asynchronously only.");

    public override void Flush() => throw new NotSupportedException("Asynchronously only.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Of a length that is known, or JSON, which is of no use in parts.</summary>
    private bool IsWhole() => _response.ContentLength is not null || (_response.ContentType is { } type
        && (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/problem+json", StringComparison.OrdinalIgnoreCase)));

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        if (_held is { } held)
        {
            _held = null;
            try
            {
                await _client.Stream.WriteAsync(held.AsMemory(0, _length), cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(held);
            }
        }
    }

    private void Reserve(int length)
    {
        if (_held is { } held && held.Length >= length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 4096));
        _held.AsSpan(0, _length).CopyTo(larger);
        Return();
        _held = larger;
    }

    private void Return()
    {
        if (_held is { } held)
        {
            _held = null;
            ArrayPool<byte>.Shared.Return(held);
        }
    }

    private sealed class Feature(HeldAnswer held) : IHttpResponseBodyFeature
    {
        public Stream Stream => held;

        public PipeWriter Writer => field ??= PipeWriter.Create(held, new StreamPipeWriterOptions(leaveOpen: true));

        public void DisableBuffering() => held._client.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => held._passes ? held._client.StartAsync(cancellationToken) : Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => held._passes ? held._client.CompleteAsync() : Task.CompletedTask;
    }
}
