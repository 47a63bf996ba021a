package io.javelin.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;

/// Looks the path up and writes the reply.
final class RouteHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final Map<String, HttpRoute> routes;

  RouteHandler(Map<String, HttpRoute> routes) {
    this.routes = routes;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The listener sees failures.
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    HttpReply reply = reply(request);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            Unpooled.wrappedBuffer(reply.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keepAlive);
    context
        .writeAndFlush(response)
        .addListener(
            keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do if closing fails.
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private HttpReply reply(FullHttpRequest request) {
    HttpRoute route = routes.get(new QueryStringDecoder(request.uri()).path());
    if (route == null) {
      return HttpReply.json(404, "{\"error\":\"Not Found\"}");
    }
    if (!request.method().equals(HttpMethod.GET)) {
      return HttpReply.json(405, "{\"error\":\"Method Not Allowed\"}");
    }
    return route.get(request.headers().get(HttpHeaderNames.ACCEPT));
  }
}
